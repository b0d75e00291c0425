/* mark_delegated.c - marks a control group as systemd marks one that it delegates; run by inside.sh only. */
#include <stdio.h>
#include <sys/xattr.h>

int main(int argc, char **argv)
{
	if (argc != 2 || setxattr(argv[1], "user.delegate", "1", 1, 0) != 0) {
		perror("user.delegate");
		return 1;
	}
	return 0;
}
