"""The programs that tests need: a browser and the PDF printer."""


def ensure(context):
    return []
