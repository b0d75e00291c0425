/*
 * peer.c - a hostile program in a confined one's place: it locks nothing, reads nothing of what it is told, and says
 * the bytes of its first data descriptor as they are, the last of which is its exit code, or one of peer.h.
 */
#include <signal.h>
#include <unistd.h>

#include "tests/unit/keeper/peer.h"

#define FD_OUT 4
#define FD_DATA 5

static void loop(void)
{
	for (;;)
		(void)usleep(1000);
}

static int end_as(unsigned char how)
{
	switch (how) {
	case PEER_IGNORES_SIGNALS:
		for (int sig = 1; sig < 32; sig++)
			(void)signal(sig, SIG_IGN);
		loop();
		break;
	case PEER_STOPS_ITSELF:
		(void)raise(SIGSTOP); /* the first process of a namespace cannot be stopped by itself */
		loop();
		break;
	case PEER_CLOSES_AND_LOOPS:
		(void)close(FD_OUT);
		loop();
		break;
	case PEER_LOOPS:
		loop();
		break;
	case PEER_LEAVES_A_CHILD:
		if (fork() == 0)
			loop();
		return 0;
	default:
		break;
	}
	return how;
}

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
	return end_as(last);
}
