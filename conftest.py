"""Wires the conformance grid into pytest; options, grid and recording are the plugin's."""

pytest_plugins = ["paramlaws.runner.plugin"]
