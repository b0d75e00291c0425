/* A policy file from anybody: loaded or refused with a place; what loads can be linted and compiled into grants. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "policy/grant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_policy policy;
	struct sl_notes notes = { 0 };
	struct sl_err err = { 0 };

	if (sl_policy_load("policy.json", data, size, &policy, &err) != SL_OK) {
		if (err.line == 0 || err.text[0] == '\0')
			abort();
		return 0;
	}
	if (sl_policy_lint(&policy, NULL, 0, 20000, &notes, NULL) != SL_OK)
		abort();
	for (uint32_t i = 0; i < policy.nprojects; i++) {
		struct sl_grant grant;
		struct sl_grant_facts facts = { .policy = &policy, .project = policy.projects[i].name, .today = 20000 };
		facts.person = policy.projects[i].nanalysts > 0 ? policy.projects[i].analysts[0] : "nobody";
		/* No catalogue is here: nothing can be granted. */
		if (sl_grant_compile(&facts, &grant, NULL) == SL_OK)
			abort();
	}
	sl_notes_free(&notes);
	sl_policy_free(&policy);
	return 0;
}
