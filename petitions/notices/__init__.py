"""What staff hear of: what comes near a threshold, is due, late or waits for them; once a day, or one by one."""
