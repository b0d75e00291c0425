/*
 * left_out.c - linked into a test actor in place of one function of the lock-down (LEFT_OUT, by --wrap; or the arena):
 * it does nothing and claims that it did, so that a test sees what the other layers still stop. Only tests start it.
 */
#include "enclave/confine/arena.h"

#ifdef LEFT_OUT_ARENA
bool sl_arena_init(size_t bytes)
{
	return bytes > 0;
}
#else
#define PASTE(a, b) a##b
#define WRAPPER(name) PASTE(__wrap_, name)

/* Arguments are not looked at. 1 is "it is on". */
int WRAPPER(LEFT_OUT)(void);

int WRAPPER(LEFT_OUT)(void)
{
	return 1;
}
#endif
