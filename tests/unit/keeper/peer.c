/*
 * peer.c - a hostile program in a confined one's place: it locks nothing, reads nothing of what it is told, and says
 * the bytes of its first data descriptor as they are, the last of which is its exit code.
 */
#include <unistd.h>

#define FD_OUT 4
#define FD_DATA 5

int main(void)
{
	unsigned char bytes[4096], last = 0;
	ssize_t n, kept = 0;

	while ((n = read(FD_DATA, bytes, sizeof bytes)) > 0) {
		if (kept && write(FD_OUT, &last, 1) != 1)
			return 99;
		if (n > 1 && write(FD_OUT, bytes, (size_t)n - 1) != n - 1)
			return 99;
		last = bytes[n - 1];
		kept = 1;
	}
	return last;
}
