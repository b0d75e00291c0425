/* output_name.h - an output's columns by name: keys, then statistics, then calcs. For the verbs from summarise on. */
#ifndef SL_SCRIPT_OUTPUT_NAME_H
#define SL_SCRIPT_OUTPUT_NAME_H

#include "enclave/script/relation.h"

#define SL_OUTPUT_NONE UINT32_MAX

/* sl_output_name_find - which column has the name; SL_OUTPUT_NONE. */
uint32_t sl_output_name_find(const struct sl_plan *p, const char *name);

/* sl_output_name_none - that no column has it, SL_E_INPUT, with the name that is near. */
enum sl_rc sl_output_name_none(const struct sl_plan *p, const char *name, struct sl_err *err);

/*
 * sl_output_name_new - a copy of the name of a column to come; the call's culprit from here on. SL_E_INPUT: one has it,
 * or it is no name; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_output_name_new(const struct sl_plan *p, struct sl_call *call, const char *name, char **out,
                                            struct sl_err *err);

#endif
