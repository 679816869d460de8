"""What has been learned, and how well does it hold?"""
