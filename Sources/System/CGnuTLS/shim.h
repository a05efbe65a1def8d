#ifndef CGNUTLS_SHIM_H
#define CGNUTLS_SHIM_H
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
/* GNUTLS_NONBLOCK is both an enumerator and a macro, so Swift cannot name it. */
static const unsigned int cgnutls_client_flags = GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL;
#endif
