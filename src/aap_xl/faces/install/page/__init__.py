"""The page: one HTML file, or the files of a site, made of its sources, our package and pinned parts.

`sources` finds the sources, `parts` what others made, `contents` what of our package the tab needs; `prepared` has node
do once what each start of the page would do again, `bundle` puts all of it together.
"""
