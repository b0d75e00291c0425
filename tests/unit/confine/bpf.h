/* bpf.h - a classic BPF interpreter for seccomp filters, so that a test can ask a filter about every number. */
#ifndef SL_TESTS_CONFINE_BPF_H
#define SL_TESTS_CONFINE_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

/* What the filter answers; UINT32_MAX for an instruction or jump outside what seccomp allows. */
uint32_t bpf_answer(const struct sock_filter *code, size_t len, const struct seccomp_data *data);

#endif
