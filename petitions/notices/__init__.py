"""What staff hear of: petitions that are near a threshold, answers that are due and late; at once, or once a day."""
