"""What can be computed from what is known, at a given date?"""
