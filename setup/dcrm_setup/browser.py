"""The programs that tests need: a browser and the PDF printer."""
import shutil
def ensure(context):
    return []
