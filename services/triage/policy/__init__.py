"""The threshold policy: a published document of rules, and what it says about one child.

`facts` is what the hub knows, `document` what a policy may say, `evaluate` brings them together, and
`publish` refuses a document that its own examples, or the floors every policy must keep, prove wrong.
Everything here is pure; a policy only recommends, and a named person decides.
"""
