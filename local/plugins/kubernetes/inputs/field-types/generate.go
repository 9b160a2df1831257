// Writes what only Kubernetes' own Go types tell about every built-in kind, and no OpenAPI document.
//
//	go run . fields > ../field-types.json
//	go run . lifecycles > ../lifecycles.json
//
// Fields: what a field's empty value becomes (left out, or kept), and which fields have a canonical spelling (quantities, times, base64).
// A type is a map from a field's name to a code: a letter for what the field holds, "[" for a list of it, "{" for a map of it, and a type's name for an
// object; "?" before it says that the empty value is left out.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
)

var (
	marshaler = reflect.TypeFor[json.Marshaler]()
	types     = map[string]map[string]string{}
	special   = map[reflect.Type]string{
		reflect.TypeFor[resource.Quantity]():    "q",
		reflect.TypeFor[intstr.IntOrString]():   "i",
		reflect.TypeFor[metav1.Time]():          "t",
		reflect.TypeFor[metav1.MicroTime]():     "u",
		reflect.TypeFor[metav1.Duration]():      "d",
		reflect.TypeFor[[]byte]():               "y",
		reflect.TypeFor[runtime.RawExtension](): "r",
		reflect.TypeFor[metav1.FieldsV1]():      "r",
	}
)

func code(t reflect.Type) string {
	if c, ok := special[t]; ok {
		return c
	}
	if t.Kind() == reflect.Pointer {
		return code(t.Elem())
	}
	if t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		return "r"
	}
	switch t.Kind() {
	case reflect.String:
		return "s"
	case reflect.Bool:
		return "b"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "n"
	case reflect.Float32, reflect.Float64:
		return "f"
	case reflect.Slice:
		return "[" + code(t.Elem())
	case reflect.Map:
		return "{" + code(t.Elem())
	case reflect.Struct:
		return describe(t)
	default:
		return "r"
	}
}

func describe(t reflect.Type) string {
	name := strings.TrimPrefix(strings.TrimPrefix(t.PkgPath(), "k8s.io/api/"), "k8s.io/apimachinery/pkg/apis/") + "." + t.Name()
	if _, ok := types[name]; ok {
		return name
	}
	fields := map[string]string{}
	types[name] = fields
	collect(t, fields)
	return name
}

func collect(t reflect.Type, fields map[string]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		if name == "" {
			collect(field.Type, fields)
			continue
		}
		c := code(field.Type)
		// An object is never empty to the converter, unless there may be none.
		kind := field.Type.Kind()
		if strings.Contains(options, "omitempty") && kind != reflect.Struct && kind != reflect.Pointer {
			c = "?" + c
		}
		fields[name] = c
	}
}

// lifecycle says in which minor version of Kubernetes 1 a kind came, went, and what took its place.
type lifecycle struct {
	Introduced  int    `json:"introduced,omitempty"`
	Removed     int    `json:"removed,omitempty"`
	Replacement string `json:"replacement,omitempty"`
}

func lifecycles() map[string]lifecycle {
	found := map[string]lifecycle{}
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		object := reflect.New(t).Interface()
		var l lifecycle
		if o, ok := object.(interface{ APILifecycleIntroduced() (int, int) }); ok {
			_, l.Introduced = o.APILifecycleIntroduced()
		}
		if o, ok := object.(interface{ APILifecycleRemoved() (int, int) }); ok {
			_, l.Removed = o.APILifecycleRemoved()
		}
		if o, ok := object.(interface {
			APILifecycleReplacement() schema.GroupVersionKind
		}); ok {
			r := o.APILifecycleReplacement()
			l.Replacement = r.GroupVersion().String() + "/" + r.Kind
		}
		if l != (lifecycle{}) && !strings.HasSuffix(gvk.Kind, "List") {
			found[gvk.GroupVersion().String()+"/"+gvk.Kind] = l
		}
	}
	return found
}

func main() {
	var output any
	switch what := os.Args[1]; what {
	case "fields":
		output = fields()
	case "lifecycles":
		output = lifecycles()
	default:
		panic("expected fields or lifecycles, got " + what)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(output); err != nil {
		panic(err)
	}
}

func fields() any {
	kinds := map[string]string{}
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		object, ok := t.FieldByName("ObjectMeta")
		if gvk.Version == runtime.APIVersionInternal || !ok || object.Type != reflect.TypeFor[metav1.ObjectMeta]() {
			continue
		}
		kinds[gvk.GroupVersion().String()+"/"+gvk.Kind] = describe(t)
		// Nobody declares a status, and it is most of what there is.
		if _, ok := types[describe(t)]["status"]; ok {
			types[describe(t)]["status"] = "r"
		}
	}
	used := map[string]map[string]string{}
	var keep func(string)
	keep = func(c string) {
		name := strings.TrimLeft(c, "?[{")
		if _, ok := used[name]; ok || types[name] == nil {
			return
		}
		used[name] = types[name]
		for _, field := range types[name] {
			keep(field)
		}
	}
	for _, name := range kinds {
		keep(name)
	}
	return map[string]any{"kinds": kinds, "types": used}
}
