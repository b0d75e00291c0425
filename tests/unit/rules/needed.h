/*
 * needed.h - a case for each rule that it alone finds: what test_needed.c shows the rules by, and docs/disclosure.md
 * explains them with.
 */
#ifndef SL_TEST_RULES_NEEDED_H
#define SL_TEST_RULES_NEEDED_H

#include "tests/unit/rules/kit.h"

struct needed {
	enum sl_rule rule;
	void (*make)(struct kit *k); /* after kit_quiet */
	bool shows_without; /* cell 0, column `column` of output 0 is then printed */
	uint32_t column;
	bool refuses; /* with it the publication is not releasable */
};

extern const struct needed needed[];
extern const size_t nneeded;

#endif
