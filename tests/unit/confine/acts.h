/* acts.h - what a taken-over worker tries, as a table shared by the actor that does it and the tests that judge it. */
#ifndef SL_TESTS_CONFINE_ACTS_H
#define SL_TESTS_CONFINE_ACTS_H

#include <stdbool.h>
#include <stddef.h>

/* Planted by a test for the acts "keyring" and "shm". */
#define ACTS_KEY_NAME "sluice-test"
#define ACTS_SHM_KEY 0x51ce

struct act {
	const char *name;
	/* true: it got what it wanted. Written so that the call itself says so, no library in between. */
	bool (*succeeds)(void);
	const char *stopped_by;   /* the other layers that must stop it when there is no filter */
};

extern const struct act acts[];
extern const size_t nacts;

#endif
