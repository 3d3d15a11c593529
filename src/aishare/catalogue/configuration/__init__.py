"""Tables for changes of settings, nodes and the installation."""
