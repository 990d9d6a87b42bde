"""Where pytest finds the grid of claims and suites; `paramlaws.suites.plugin` fills it."""
