def run(context, options):
    return 0
