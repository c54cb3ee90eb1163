# In the context, what code of the addon says to other such code: no call from the
# network carries this object, whatever else it says.
INSIDE = object()
