"""What do we know, and since when?"""
