/*
 * setup.h - whether what sluice-load is told makes sense, beyond the ranges of the field table. Used by load.c.
 */
#ifndef SL_LOAD_SETUP_H
#define SL_LOAD_SETUP_H

#include "enclave/load/load.h"

/* SL_E_INPUT: columns, names, types or descriptors contradict each other; SL_E_LIMIT: rows_max. */
SL_MUST_CHECK enum sl_rc sl_load_setup_check(const struct sl_load_setup *setup, const struct sl_load_fds *fds,
                                             struct sl_err *err);

#endif
