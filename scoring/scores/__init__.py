"""How many points, which rank, how sure, and why?"""
