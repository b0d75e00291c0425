"""One row of 3 GB, in 3 MB of gzip."""
import gzip

from hostile import package, write

MEMBER = gzip.compress(b"x" * (64 << 20), 9)
package("t.csv", "t.csv.gz")
write("t.csv.gz", gzip.compress(b"id,v\n1,") + MEMBER * 48)
