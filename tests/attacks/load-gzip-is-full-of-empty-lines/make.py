"""Twenty megabytes of gzip that unpack to twenty gigabytes of line ends."""
import gzip

from hostile import package, write

MEMBER = gzip.compress(b"\n" * (64 << 20), 9)
package("t.csv", "t.csv.gz")
write("t.csv.gz", gzip.compress(b"id,v\n1,2\n") + MEMBER * 320)
