"""Debates of petitions and their other business."""
