/* doctor_host.c - see doctor.h: facts about the host. */
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "enclave/keeper/cgroup.h"
#include "ui-cli/doctor.h"

#define LANDLOCK_VERSION 1u
/* ABIs that brought these. */
#define LANDLOCK_NETWORK 4
#define LANDLOCK_SCOPES 6

static const char *const cgroup_names[] = {
	[SL_CGROUP_NONE] = "none",
	[SL_CGROUP_V1] = "v1",
	[SL_CGROUP_V2] = "v2",
};

void sl_doctor_host_look(struct sl_doctor_host *host)
{
	struct utsname name = { 0 };
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);

	*host = (struct sl_doctor_host){ 0 };
	(void)uname(&name);
	(void)snprintf(host->kernel, sizeof host->kernel, "%.40s %.60s %.20s", name.sysname, name.release, name.machine);
	host->cgroup = cgroup_names[sl_cgroup_version_here(&sl_cgroup_this_host)];
	host->is_cgroup_given = sl_cgroup_try(&sl_cgroup_this_host, &host->cgroup_why);
	host->is_root = geteuid() == 0;
	host->landlock_abi = abi > 0 ? (int)abi : 0;
}

void sl_doctor_host_print(const struct sl_doctor_host *host, FILE *f)
{
	fprintf(f, "host: %s; started as %s; control groups: %s, %s; Landlock ABI: ", host->kernel,
	        host->is_root ? "root" : "an ordinary user", host->cgroup,
	        host->is_cgroup_given ? "one is given" : "none is given");
	fprintf(f, host->landlock_abi > 0 ? "%d\n" : "none\n", host->landlock_abi);
	if (host->landlock_abi > 0 && host->landlock_abi < LANDLOCK_NETWORK)
		fputs("Landlock denies files here; the network from Linux 6.7 on, signals to others from 6.12 on\n", f);
	else if (host->landlock_abi > 0 && host->landlock_abi < LANDLOCK_SCOPES)
		fputs("Landlock denies files and network here; signals to others from Linux 6.12 on\n", f);
}

json_t *sl_doctor_host_object(const struct sl_doctor_host *host)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:b, s:i}", "kernel", host->kernel, "started_as",
	                      host->is_root ? "root" : "ordinary user", "cgroup", host->cgroup, "cgroup_given",
	                      host->is_cgroup_given, "landlock_abi", host->landlock_abi);

	if (!host->is_cgroup_given)
		json_object_set_new(o, "cgroup_reason", json_string(host->cgroup_why.text));
	return o;
}
