/*
 * attacker.h - who reads a release and knows everything else: the plans, the domains, that cells are empty, what single
 * units know, and of numbers that a rule did not hide how many rows are behind them. He looks for all tables that could
 * be the true one: a number for every way to cross the columns the outputs are grouped by. Knows nothing of the
 * equations between outputs, nor of policy/secondary.
 */
#ifndef SL_TEST_AGREEMENT_ATTACKER_H
#define SL_TEST_AGREEMENT_ATTACKER_H

#include "tests/agreement/clinic.h"
#include "tests/agreement/tables.h"

struct attack {
	const struct clinic *clinic;
	const struct sl_publication *pub;
	struct clinic_key bases[8];
	uint32_t nbases, sizes[8], natoms;
	uint64_t asked_for;              /* the atoms that the condition leaves */
	bool falls, rises;               /* something is below 0, above 0 */
};

/* attack_begin - false: more atoms than can be looked at. */
bool attack_begin(struct attack *a, const struct clinic *c, const struct sl_publication *pub);
/* attack_is_primary - hidden, and not for the sake of another. */
bool attack_is_primary(const struct attack *a, uint32_t output, uint32_t cell);
/*
 * attack_allows - whether there is a table in which the cell's number is as high, or as low, as the rules promise it
 * must seem possible.
 */
enum tables_answer attack_allows(const struct attack *a, uint32_t output, uint32_t cell, bool high);

#endif
