/* peer.h - how peer.c ends, instead of with an exit code. */
#ifndef SL_TESTS_KEEPER_PEER_H
#define SL_TESTS_KEEPER_PEER_H

enum peer_end {
	PEER_LOOPS = 250,
	PEER_IGNORES_SIGNALS,    /* and loops */
	PEER_STOPS_ITSELF,
	PEER_CLOSES_AND_LOOPS,
	PEER_LEAVES_A_CHILD,     /* that holds the pipe, and leaves with 0 */
	PEER_END,
};

#endif
