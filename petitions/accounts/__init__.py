"""Staff sign in and out, and find what there is to do for them."""
