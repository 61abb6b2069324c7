# What the deploy scripts share. Source it.
set -euo pipefail
shopt -s inherit_errexit

ENDPOINT="${ENDPOINT-http://localhost:4566}"
export AWS_REGION="${AWS_REGION:-us-east-1}"
export AWS_DEFAULT_REGION="$AWS_REGION"
export AWS_PAGER=""
if [ -n "$ENDPOINT" ]; then
    export AWS_ACCESS_KEY_ID="${AWS_ACCESS_KEY_ID:-test}"
    export AWS_SECRET_ACCESS_KEY="${AWS_SECRET_ACCESS_KEY:-test}"
fi

# The aws CLI, version 1 or 2, pointed at the endpoint.
aws() {
    if [ -n "$ENDPOINT" ]; then
        command aws --endpoint-url "$ENDPOINT" --output text "$@"
    else
        command aws --output text "$@"
    fi
}

say() { printf '\033[1m%s\033[0m\n' "$*"; }

# package DIR ZIP: a deployment package of what is in DIR, without its scripts and papers.
package() {
    python3 - "$1" "$2" <<'PYTHON'
import os, sys, zipfile

directory, target = sys.argv[1:]
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
    for folder, _, files in os.walk(directory):
        for name in files:
            path = os.path.join(folder, name)
            package.write(path, os.path.relpath(path, directory))
PYTHON
}

# role NAME POLICY: a role that Lambda may assume, with one inline policy; prints its ARN.
role() {
    local trust='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    aws iam create-role --role-name "$1" --assume-role-policy-document "$trust" > /dev/null
    aws iam put-role-policy --role-name "$1" --policy-name access --policy-document "$2"
    aws iam get-role --role-name "$1" --query Role.Arn
    # AWS takes some seconds to spread a new role.
    [ -n "$ENDPOINT" ] || sleep 10
}

account() { aws sts get-caller-identity --query Account; }

# http_api NAME FUNCTION_ARN: an HTTP API whose every request goes to the function; prints its URL.
http_api() {
    local id
    id=$(aws apigatewayv2 create-api --name "$1" --protocol-type HTTP --target "$2" --query ApiId)
    aws lambda add-permission --function-name "$2" --statement-id "api-$id" \
        --action lambda:InvokeFunction --principal apigateway.amazonaws.com \
        --source-arn "arn:aws:execute-api:$AWS_REGION:$(account):$id/*" > /dev/null
    aws apigatewayv2 get-api --api-id "$id" --query ApiEndpoint
}

LOGS='{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}'
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
