"""Loads the plugin, which has the options, the grid and the recording."""

pytest_plugins = ["paramlaws.runner.plugin"]
