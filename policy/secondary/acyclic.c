/* acyclic.c - see acyclic.h. */
#include "policy/secondary/acyclic.h"

/* The keys of a set that no other set has are taken from it. */
static bool drop_own_keys(uint64_t *sets, uint32_t n)
{
	uint64_t once = 0, twice = 0;
	bool dropped = false;

	for (uint32_t i = 0; i < n; i++) {
		twice |= once & sets[i];
		once |= sets[i];
	}
	for (uint32_t i = 0; i < n; i++) {
		dropped = dropped || (sets[i] & ~twice) != 0;
		sets[i] &= twice;
	}
	return dropped;
}

/* A set within another one goes. Returns how many are left. */
static uint32_t drop_one_within(uint64_t *sets, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < n; j++)
			if (i != j && (sets[i] & ~sets[j]) == 0) {
				sets[i] = sets[n - 1];
				return n - 1;
			}
	return n;
}

bool sl_is_acyclic(uint64_t *sets, uint32_t n)
{
	for (;;) {
		uint32_t left = drop_one_within(sets, n);
		bool dropped = drop_own_keys(sets, left);
		if (left <= 1)
			return true;
		if (left == n && !dropped)
			return false;
		n = left;
	}
}
