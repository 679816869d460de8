"""Which list follows under the quotas, what does each quota cost, and whom does the list cover?"""
