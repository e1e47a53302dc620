"""Where signatures come from: countries, postcodes and areas."""
