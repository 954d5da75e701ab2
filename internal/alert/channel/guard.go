package channel

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// reserved are the addresses that are nobody's on the Internet, beside those
// that netip knows: IANA's special-purpose registries, and the translated forms
// in which an IPv4 address can hide.
func reserved() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
}

// public tells whether an address is on the Internet: not of this machine, nor of a
// private network, nor one at which clouds serve credentials.
func public(ip netip.Addr, reserved []netip.Prefix) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// errPrivate is why a webhook isn't sent.
var errPrivate = errors.New("it is an address of this machine or of a private network: set allow_private: true for this webhook if that is meant")

// onlyPublic refuses, when a connection is about to be made, what isn't on the
// Internet: then a name can't resolve to another address than the checked one.
func onlyPublic() func(network, address string, _ syscall.RawConn) error {
	reserved := reserved()
	return func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("connecting to %s: %w", address, err)
		}
		if !public(ap.Addr(), reserved) {
			return fmt.Errorf("connecting to %s: %w", ap.Addr(), errPrivate)
		}
		return nil
	}
}
