#ifndef CGNUTLS_SHIM_H
#define CGNUTLS_SHIM_H
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>
#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

/* GNUTLS_NONBLOCK is both an enumerator and a macro, so Swift cannot name it. */
static const unsigned int cgnutls_client_flags = GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL;

/* gnutls_free is a global function pointer, which Swift takes for shared mutable state. */
static inline void cgnutls_free(void *memory)
{
    gnutls_free(memory);
}

/* Whether the processor multiplies and encrypts for AES-GCM by itself. */
static inline int cgnutls_has_fast_aes(void)
{
#if defined(__x86_64__)
    unsigned int eax, ebx, ecx, edx;
    return __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_AES) && (ecx & bit_PCLMUL);
#elif defined(__aarch64__)
    return (getauxval(AT_HWCAP) & HWCAP_AES) != 0;
#else
    return 0;
#endif
}
#endif
