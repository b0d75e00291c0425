/*
 * doctor.h - the parts of sluice doctor that start no program. Used by doctor.c only.
 */
#ifndef SL_UI_DOCTOR_H
#define SL_UI_DOCTOR_H

#include "ui-cli/cli.h"

/* What the layers depend on here. */
struct sl_doctor_host {
	char kernel[128];          /* "Linux 6.18.44 x86_64" */
	const char *cgroup;        /* "v2", "v1", "none" */
	bool is_cgroup_given;
	struct sl_err cgroup_why;  /* why no process gets a group of its own */
	bool is_root;
	int landlock_abi;          /* 0: none */
};

/* sl_doctor_host_look - ask the kernel; makes a control group for a moment. */
void sl_doctor_host_look(struct sl_doctor_host *host);

void sl_doctor_host_print(const struct sl_doctor_host *host, FILE *f);
json_t *sl_doctor_host_object(const struct sl_doctor_host *host);

/* sl_doctor_filters - the filters, from the table that they are built from: as a grid, or as member "filters". */
SL_MUST_CHECK enum sl_rc sl_doctor_filters(struct sl_cli *c, struct sl_err *err);

#endif
