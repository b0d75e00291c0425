"""The resource is a second name of a file outside the folder's own."""
import os

from hostile import write

os.mkdir("elsewhere")
write("elsewhere/rows.csv", "id,v\n1,2\n2,3\n")
os.link("elsewhere/rows.csv", "t.csv")
