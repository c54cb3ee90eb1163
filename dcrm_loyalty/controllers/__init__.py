from . import combo_configurator
