// Command pulumi-resource-random bridges the Terraform provider "random" to Pulumi, under the resource names that the
// npm package @pulumi/random uses.
package main

import (
	"context"
	"encoding/json"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/contract"
	"github.com/terraform-providers/terraform-provider-random/internal/provider"
)

const (
	name       = "random"
	repository = "https://github.com/pulumi/pulumi-random"
)

// version is set by the linker.
var version = "0.0.0"

func main() {
	info := bridge.ProviderInfo{
		Name:       name,
		Version:    version,
		Repository: repository,
		P:          tfbridge.ShimProvider(provider.New()),
		Resources: map[string]*bridge.ResourceInfo{
			// Terraform gives this one no id.
			"random_bytes":    resource("Bytes", bridge.DelegateIDField("base64", name, repository)),
			"random_id":       resource("Id", nil),
			"random_integer":  resource("Integer", nil),
			"random_password": resource("Password", nil),
			"random_pet":      resource("Pet", nil),
			"random_shuffle":  resource("Shuffle", nil),
			"random_string":   resource("String", nil),
			"random_uuid":     resource("Uuid", nil),
			"random_uuid4":    resource("Uuid4", nil),
			"random_uuid7":    resource("Uuid7", nil),
		},
		MetadataInfo: bridge.NewProviderMetadata([]byte("{}")),
	}
	// Only code generators read the schema; programs come with the generated code. So it names the package, no more.
	schema, err := json.Marshal(map[string]string{"name": name, "version": version})
	contract.AssertNoErrorf(err, "encoding the schema")
	tfbridge.Main(context.Background(), name, info, tfbridge.ProviderMetadata{PackageSchema: schema})
}

func resource(kind string, computeID bridge.ComputeID) *bridge.ResourceInfo {
	return &bridge.ResourceInfo{
		Tok:       tokens.Type(name + ":index/random" + kind + ":Random" + kind),
		ComputeID: computeID,
	}
}
