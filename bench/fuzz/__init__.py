"""Hostile and senseless posts, by the million: made, rendered, cleaned, shown to a browser.

`pieces` what posts are made of, `suites` what others collected, `inputs` makes one post of a
number, `judge` renders and judges it, `browser` shows it to Chromium, `smaller` makes a failing
post short, `pumped` and `patterns` repeat one thing for ever. Tests use the same parts.
"""
