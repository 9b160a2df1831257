module tcp-ingress.local/node

go 1.24
