/*
 * wish.h - how much a random test does: what is asked for by the environment, or what is done every day.
 */
#ifndef SL_TEST_AGREEMENT_WISH_H
#define SL_TEST_AGREEMENT_WISH_H

#include <stdint.h>
#include <stdlib.h>

static inline uint64_t wish(const char *name, uint64_t everyday)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 10) : everyday;
}

#endif
