"""What do we recommend, why, and who decided?"""
