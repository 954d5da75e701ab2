package channel

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Secret is a part of the configuration that is never printed.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[hidden]"
}

// GoString hides the secret.
func (s Secret) GoString() string { return fmt.Sprintf("%q", s.String()) }

// MarshalText hides the secret from JSON, YAML and logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// maxSecret bounds a file that holds a secret.
const maxSecret = 64 << 10

// readSecret is value, or what the file holds without the space around it; key
// names the value, and key_file the file, in the configuration.
func readSecret(key string, value Secret, file string) (Secret, error) {
	if file == "" {
		return Secret(strings.TrimSpace(string(value))), nil
	}
	if value != "" {
		return "", fmt.Errorf("%s and %s_file are both set: keep one", key, key)
	}
	text, err := readSmall(file)
	if err != nil {
		return "", fmt.Errorf("reading %s_file: %w", key, err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", fmt.Errorf("%s_file %s is empty: write the %s into it", key, file, key)
	}
	return Secret(secret), nil
}

// readSmall reads a file of the operator's.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err == nil && len(text) > maxSecret {
		err = fmt.Errorf("%s has more than %d bytes: is it the right file?", path, maxSecret)
	}
	return text, err
}

// redact takes secrets out of what others say.
func redact(err error, secrets ...string) error {
	text := err.Error()
	for _, s := range secrets {
		if len(s) >= 4 {
			text = strings.ReplaceAll(text, s, "[hidden]")
		}
	}
	return errors.New(oneLine(text))
}
