"""Start the host. A script, because the prefork server starts argv[0] again."""

from odoo.cli import main

if __name__ == "__main__":
    main()
