"""How does a person see it and act on it?"""
