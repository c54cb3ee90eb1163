def run(context): return 0
